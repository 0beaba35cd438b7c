"""The course in the browser: an ASGI application on loopback with the home page, the lessons and other pages."""
