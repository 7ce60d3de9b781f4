package dev.atelier.identity;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/** Calls of the server's own to the outside, under the rules for what may be reached. */
public interface Outbound {
  /**
   * The body of what an https URL answers with status 200; redirects are not followed.
   *
   * @param mostBytes a longer answer is a failure
   * @throws IOException it cannot be reached, may not be, or answers otherwise
   */
  byte[] get(URI url, int mostBytes) throws IOException;

  /**
   * The body of what an https URL answers with status 200 to a form; redirects are not followed.
   *
   * @param authorization the header of that name, where the caller proves to be somebody
   * @param mostBytes a longer answer is a failure
   * @throws IOException it cannot be reached, may not be, or answers otherwise
   */
  default byte[] post(URI url, String form, Optional<String> authorization, int mostBytes) throws IOException {
    throw new IOException("no call to the outside is allowed");
  }

  /** Reaches nothing. */
  static Outbound none() {
    return (url, mostBytes) -> {
      throw new IOException("no call to the outside is allowed");
    };
  }
}
