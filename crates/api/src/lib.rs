//! The HTTP and WebSocket interfaces.
