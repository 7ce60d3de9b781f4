package dev.atelier.wire;

import dev.atelier.kernel.Fault;
import dev.atelier.models.BlobShape;
import dev.atelier.models.Member;
import dev.atelier.models.StringShape;
import dev.atelier.models.StructureShape;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Writes events in the framing {@code application/vnd.amazon.eventstream}. A Fault that the source of events throws
 * ends the stream with an exception event, as the answer's status is long sent.
 */
final class EventStream {
  private final RestProtocol.Format format;

  EventStream(RestProtocol.Format format) {
    this.format = format;
  }

  void write(StructureShape union, Iterable<?> events, OutputStream out) throws IOException {
    try {
      for (Object event : events) {
        Map<?, ?> document = (Map<?, ?>) event;
        for (Member member : union.members().values()) {
          if (document.get(member.name()) instanceof Map<?, ?> body) {
            out.write(event(member, (StructureShape) member.shape(), body));
            out.flush();
          }
        }
      }
    } catch (Fault fault) {
      Map<String, String> headers = new LinkedHashMap<>();
      headers.put(":message-type", "exception");
      headers.put(":exception-type", fault.code());
      headers.put(":content-type", "application/json");
      out.write(frame(headers, JsonWriter.writeError(Map.of("message", ErrorShape.message(fault)), Optional.empty(),
          fault.members())));
      out.flush();
    }
  }

  @SuppressWarnings("unchecked")
  private byte[] event(Member member, StructureShape shape, Map<?, ?> body) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(":message-type", "event");
    headers.put(":event-type", member.name());
    Optional<Member> payload = shape.members().values().stream().filter(Member::eventPayload).findFirst();
    Object value = payload.<Object>map(part -> body.get(part.name())).orElse(body);
    if (payload.isPresent() && payload.get().shape() instanceof BlobShape) {
      headers.put(":content-type", "application/octet-stream");
      return frame(headers, value instanceof byte[] bytes ? bytes : new byte[0]);
    }
    if (payload.isPresent() && payload.get().shape() instanceof StringShape) {
      headers.put(":content-type", "text/plain");
      return frame(headers, String.valueOf(value).getBytes(StandardCharsets.UTF_8));
    }
    StructureShape content = payload.map(part -> (StructureShape) part.shape()).orElse(shape);
    boolean json = format == RestProtocol.Format.JSON;
    headers.put(":content-type", json ? "application/json" : "text/xml");
    String root = payload.map(Member::name).orElse(shape.name());
    return frame(headers, json ? JsonWriter.write(content, (Map<String, Object>) value)
        : new XmlWriter().open(root, Optional.empty()).members(content, (Map<?, ?>) value).close(root).bytes());
  }

  /** Length, length of headers, checksum of both; headers; payload; checksum of all. */
  static byte[] frame(Map<String, String> headers, byte[] payload) {
    try {
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      DataOutputStream names = new DataOutputStream(head);
      for (Map.Entry<String, String> header : headers.entrySet()) {
        byte[] name = header.getKey().getBytes(StandardCharsets.UTF_8);
        byte[] value = header.getValue().getBytes(StandardCharsets.UTF_8);
        names.writeByte(name.length);
        names.write(name);
        names.writeByte(7);
        names.writeShort(value.length);
        names.write(value);
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeInt(16 + head.size() + payload.length);
      out.writeInt(head.size());
      out.writeInt(checksum(bytes.toByteArray()));
      out.write(head.toByteArray());
      out.write(payload);
      out.writeInt(checksum(bytes.toByteArray()));
      return bytes.toByteArray();
    } catch (IOException impossible) {
      throw new java.io.UncheckedIOException(impossible);
    }
  }

  private static int checksum(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
