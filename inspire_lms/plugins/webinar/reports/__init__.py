"""Attendance reports of meeting tools: bytes in, connections of people out, and whose they are. Everything here is pure."""
