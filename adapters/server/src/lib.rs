//! Assembles the hexagon: configuration, HTTP and commands.
