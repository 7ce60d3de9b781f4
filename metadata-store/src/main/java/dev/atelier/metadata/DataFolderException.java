package dev.atelier.metadata;

/** The data folder cannot be used; the message is meant for who started the server. */
public final class DataFolderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DataFolderException(String message) {
    super(message);
  }

  DataFolderException(String message, Throwable cause) {
    super(message, cause);
  }
}
