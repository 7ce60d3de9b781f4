package dev.atelier.server.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** What a client sends; tells that it broke off from failures of this machine. */
public final class SentBody extends FilterInputStream {

  /** The connection ended before the body did. */
  private static final class BrokenOff extends IOException {
    private static final long serialVersionUID = 1;

    BrokenOff(IOException cause) {
      super("the request's body broke off", cause);
    }
  }

  SentBody(InputStream in) {
    super(in);
  }

  /** Whether a failure comes from a body that broke off. */
  public static boolean brokeOff(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BrokenOff) {
        return true;
      }
    }
    return false;
  }

  @Override
  public int read() throws IOException {
    try {
      return super.read();
    } catch (IOException e) {
      throw new BrokenOff(e);
    }
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      return super.read(bytes, offset, length);
    } catch (IOException e) {
      throw new BrokenOff(e);
    }
  }
}
