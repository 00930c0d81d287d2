"""Questions: templates with their headers, and the asking of them."""
