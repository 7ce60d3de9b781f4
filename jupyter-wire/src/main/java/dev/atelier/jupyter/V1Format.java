package dev.atelier.jupyter;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** {@code v1.kernel.websocket.jupyter.org}: a table of 64-bit little-endian offsets, then the parts as they are. */
final class V1Format implements WebSocketFormat {
  private static final int FIXED = 1 + KernelMessage.PARTS;

  @Override
  public String subprotocol() {
    return "v1.kernel.websocket.jupyter.org";
  }

  @Override
  public Encoded encode(Routed routed) {
    List<byte[]> segments = new ArrayList<>();
    segments.add(routed.channel().wireName().getBytes(StandardCharsets.US_ASCII));
    segments.addAll(routed.message().parts());
    segments.addAll(routed.message().buffers());
    int table = Long.BYTES * (segments.size() + 2);
    int size = segments.stream().mapToInt(segment -> segment.length).reduce(table, Math::addExact);
    ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(segments.size() + 1L);
    long offset = table;
    for (byte[] segment : segments) {
      bytes.putLong(offset);
      offset += segment.length;
    }
    bytes.putLong(offset);
    segments.forEach(bytes::put);
    return new Encoded.Binary(bytes.flip());
  }

  @Override
  public Routed decode(String text) throws WireException {
    throw new WireException("messages of this subprotocol are binary");
  }

  @Override
  public Routed decode(ByteBuffer given) throws WireException {
    ByteBuffer bytes = given.slice().order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.limit() < Long.BYTES) {
      throw new WireException("a message without its table of offsets");
    }
    int count = Segments.count(bytes.getLong(0), FIXED + 1L);
    if (bytes.limit() < Long.BYTES * (count + 1)) {
      throw new WireException("a message without its table of offsets");
    }
    List<Long> offsets = new ArrayList<>(count - 1);
    for (int i = 0; i < count - 1; i++) {
      offsets.add(bytes.getLong(Long.BYTES * (i + 1)));
    }
    List<byte[]> segments = Segments.between(bytes, offsets, bytes.getLong(Long.BYTES * count));
    String name = new String(segments.getFirst(), StandardCharsets.UTF_8);
    Channel channel = Channel.named(name).orElseThrow(() -> new WireException("an unknown channel"));
    return new Routed(channel, new KernelMessage(segments.get(1), segments.get(2), segments.get(3), segments.get(4),
        segments.subList(FIXED, segments.size())));
  }
}
