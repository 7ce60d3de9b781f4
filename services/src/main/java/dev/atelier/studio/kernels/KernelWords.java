package dev.atelier.studio.kernels;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.jupyter.Channel;
import dev.atelier.jupyter.KernelMessage;
import dev.atelier.jupyter.WebSocketFormat.Routed;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Messages that the server says in a kernel's place, while there is none or when it is gone. */
final class KernelWords {
  /** AWS's own words. */
  static final String STARTING =
      "Note: The kernel is still starting. Please execute this cell again after the kernel is started.";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final byte[] NONE = {'{', '}'};

  private final String session = UUID.randomUUID().toString();
  private final Clock clock;

  KernelWords(Clock clock) {
    this.clock = clock;
  }

  /** That the kernel is in a state, as everybody is told it. */
  Routed status(byte[] parent, String state) {
    return message(Channel.IOPUB, "status", parent, Map.of("execution_state", state));
  }

  /** Output of the request that the parent is. @param stream {@code stdout} or {@code stderr} */
  Routed stream(byte[] parent, String stream, String text) {
    return message(Channel.IOPUB, "stream", parent, Map.of("name", stream, "text", text));
  }

  /** The whole answer to a request to run code that is not run, with the reason as its output. */
  List<Routed> refusal(byte[] request, String stream, String reason) {
    return List.of(status(request, "busy"), stream(request, stream, reason + "\n"),
        message(Channel.SHELL, "execute_reply", request, Map.of("status", "aborted", "execution_count", 0)),
        status(request, "idle"));
  }

  private Routed message(Channel channel, String type, byte[] parent, Map<String, Object> content) {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("msg_id", UUID.randomUUID().toString());
    header.put("msg_type", type);
    header.put("session", session);
    header.put("username", "atelier");
    header.put("date", clock.instant().toString());
    header.put("version", "5.4");
    return new Routed(channel, new KernelMessage(json(header), parent.length == 0 ? NONE : parent, NONE, json(content),
        List.of()));
  }

  private static byte[] json(Object value) {
    try {
      return JSON.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
