//! Where words go: implementations of [`voicera::ports::TranscriptSink`].
