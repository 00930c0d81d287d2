"""Readers: files of any format → articles. One module a format; `registry` knows them all."""
