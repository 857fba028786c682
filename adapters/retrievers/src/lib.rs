//! What finds knowledge: implementations of [`voicera::ports::Retriever`].
