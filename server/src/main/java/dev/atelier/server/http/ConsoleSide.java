package dev.atelier.server.http;

import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;

/** What answers at the console's own host, and hands out links to it. */
public interface ConsoleSide extends AutoCloseable {
  /** Where the API's hosts are asked for a link that signs in once; no bucket can have the name. */
  String LINK_PATH = "/.well-known/atelier/console";

  /** Answers a request to the console's host. */
  WireResponse answer(WireRequest request);

  /** Answers a signed request for a link, at the API's hosts. */
  WireResponse link(WireRequest request);

  /** Ends the answers that go on and on, so that the front can be closed. */
  @Override
  void close();
}
