package dev.atelier.jupyter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One JSON object with the channel in it. A message with buffers is binary: their number and offsets as big-endian 32-bit
 * words, the JSON, the buffers.
 */
final class DefaultFormat implements WebSocketFormat {
  private static final ObjectMapper JSON = JupyterJson.mapper();
  private static final byte[] EMPTY = {'{', '}'};

  @Override
  public String subprotocol() {
    return "";
  }

  @Override
  public Encoded encode(Routed routed) {
    KernelMessage message = routed.message();
    String json = json(routed);
    if (message.buffers().isEmpty()) {
      return new Encoded.Text(json);
    }
    byte[] text = json.getBytes(StandardCharsets.UTF_8);
    int segments = 1 + message.buffers().size();
    int table = Integer.BYTES * (segments + 1);
    int size = message.buffers().stream().mapToInt(buffer -> buffer.length)
        .reduce(Math.addExact(table, text.length), Math::addExact);
    ByteBuffer bytes = ByteBuffer.allocate(size);
    bytes.putInt(segments).putInt(table);
    int offset = table + text.length;
    for (byte[] buffer : message.buffers()) {
      bytes.putInt(offset);
      offset += buffer.length;
    }
    bytes.put(text);
    message.buffers().forEach(bytes::put);
    return new Encoded.Binary(bytes.flip());
  }

  /** The parts are put together as they are; only the header is looked into, for what is told beside it again. */
  private static String json(Routed routed) {
    KernelMessage message = routed.message();
    return "{\"header\": " + text(message.header()) + ", \"msg_id\": " + named(message, "msg_id") + ", \"msg_type\": "
        + named(message, "msg_type") + ", \"parent_header\": " + text(message.parent()) + ", \"metadata\": "
        + text(message.metadata()) + ", \"content\": " + text(message.content()) + ", \"buffers\": [], \"channel\": \""
        + routed.channel().wireName() + "\"}";
  }

  private static String named(KernelMessage message, String member) {
    try {
      return String.valueOf(JSON.readTree(message.header()).get(member));
    } catch (IOException e) {
      return "null";
    }
  }

  private static String text(byte[] part) {
    return part.length == 0 ? "{}" : new String(part, StandardCharsets.UTF_8);
  }

  @Override
  public Routed decode(String text) throws WireException {
    return decode(text, List.of());
  }

  @Override
  public Routed decode(ByteBuffer given) throws WireException {
    ByteBuffer bytes = given.slice();
    if (bytes.limit() < Integer.BYTES) {
      throw new WireException("a message without its table of offsets");
    }
    int count = Segments.count(bytes.getInt(0), 1);
    if (bytes.limit() < Integer.BYTES * (count + 1)) {
      throw new WireException("a message without its table of offsets");
    }
    List<Long> offsets = new ArrayList<>(count);
    for (int i = 1; i <= count; i++) {
      offsets.add(Integer.toUnsignedLong(bytes.getInt(Integer.BYTES * i)));
    }
    List<byte[]> segments = Segments.between(bytes, offsets, bytes.limit());
    return decode(new String(segments.getFirst(), StandardCharsets.UTF_8), segments.subList(1, count));
  }

  private static Routed decode(String text, List<byte[]> buffers) throws WireException {
    try {
      if (!(JSON.readTree(text) instanceof ObjectNode message)) {
        throw new WireException("a message that is no JSON object");
      }
      Channel channel = Channel.named(message.path("channel").asText("shell"))
          .orElseThrow(() -> new WireException("an unknown channel"));
      return new Routed(channel, new KernelMessage(part(message, "header"), part(message, "parent_header"),
          part(message, "metadata"), part(message, "content"), buffers));
    } catch (JsonProcessingException e) {
      throw new WireException("a message that is no JSON");
    }
  }

  private static byte[] part(JsonNode message, String member) throws JsonProcessingException {
    return message.get(member) instanceof ObjectNode part ? JSON.writeValueAsBytes(part) : EMPTY;
  }
}
