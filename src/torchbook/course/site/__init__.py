"""The course in the browser: one ASGI application on loopback with the road, the lessons, and pages around them."""
