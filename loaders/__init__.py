"""Readers: files of any format → articles. One module a format; `registry` knows our own, `detect` those of tools."""
