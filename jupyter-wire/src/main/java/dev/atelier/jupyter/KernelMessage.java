package dev.atelier.jupyter;

import java.util.List;

/**
 * A message of a kernel or to one. All parts but the buffers are JSON objects in UTF-8, kept as they came.
 *
 * @param header what the message is: {@code msg_id, msg_type, session, username, date, version}
 * @param parent the header of the message that it answers; {@code {}} without one
 * @param metadata about the message
 * @param content by the type of the message
 * @param buffers binary data beside the content
 */
public record KernelMessage(byte[] header, byte[] parent, byte[] metadata, byte[] content, List<byte[]> buffers) {
  static final int PARTS = 4;

  public KernelMessage {
    buffers = List.copyOf(buffers);
  }

  /** The four JSON parts, in the order in which they are signed and sent. */
  List<byte[]> parts() {
    return List.of(header, parent, metadata, content);
  }
}
