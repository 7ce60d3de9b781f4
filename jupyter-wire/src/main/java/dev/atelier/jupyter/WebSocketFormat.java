package dev.atelier.jupyter;

import java.nio.ByteBuffer;

/**
 * How a kernel's messages go over a WebSocket, all channels over one. Source: jupyter_server's documentation of its
 * kernel WebSocket protocols.
 */
public sealed interface WebSocketFormat permits DefaultFormat, V1Format {
  /** The format of clients that ask for no subprotocol. */
  WebSocketFormat DEFAULT = new DefaultFormat();
  /** The format in which no part of a message is parsed. */
  WebSocketFormat V1 = new V1Format();

  /** The WebSocket subprotocol; empty for the default format, which has none. */
  String subprotocol();

  /** A message and the channel that it goes over. */
  record Routed(Channel channel, KernelMessage message) {}

  /** What is sent as one WebSocket message. */
  sealed interface Encoded {
    record Text(String text) implements Encoded {}

    record Binary(ByteBuffer bytes) implements Encoded {}
  }

  Encoded encode(Routed routed);

  /** @throws WireException the text is no message */
  Routed decode(String text) throws WireException;

  /** @throws WireException the bytes are no message */
  Routed decode(ByteBuffer bytes) throws WireException;
}
