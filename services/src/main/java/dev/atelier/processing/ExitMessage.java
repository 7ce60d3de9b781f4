package dev.atelier.processing;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.ComputeException;
import dev.atelier.compute.WorkloadId;
import dev.atelier.jobs.CollectedFile;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What programs leave in {@code /opt/ml/output/message}: that of all hosts, one after the other, as far as 1 KB holds it.
 *
 * @param text empty when no host left any
 * @param malformed the first host whose message is no UTF-8
 */
record ExitMessage(Optional<String> text, Optional<String> malformed) {
  private static final int MAX_BYTES = 1_024;

  static ExitMessage read(ComputeBackend backend, WorkloadId id, List<String> hosts) {
    return of(hosts, host -> CollectedFile.read(backend, id, host, ProcessingWorkload.OUTPUT, "message", MAX_BYTES));
  }

  /** @param files what each host left, its first 1,024 bytes */
  static ExitMessage of(List<String> hosts, Function<String, Optional<byte[]>> files) {
    StringBuilder all = new StringBuilder();
    Optional<String> malformed = Optional.empty();
    for (String host : hosts) {
      Optional<byte[]> bytes = files.apply(host);
      Optional<String> text = bytes.flatMap(ExitMessage::decoded);
      if (bytes.isPresent() && text.isEmpty()) {
        malformed = malformed.or(() -> Optional.of(host));
      }
      text.ifPresent(all::append);
    }
    String joined = decoded(bounded(all.toString())).orElseThrow();
    return new ExitMessage(Optional.of(joined).filter(text -> !text.isEmpty()), malformed);
  }

  private static byte[] bounded(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= MAX_BYTES ? bytes : Arrays.copyOf(bytes, MAX_BYTES);
  }

  /** The text without a character that the limit has cut; empty for what is no UTF-8. */
  private static Optional<String> decoded(byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT);
    CharBuffer text = CharBuffer.allocate(bytes.length);
    // what is left at the end may go on beyond what was read, unless all of it was
    CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), text, bytes.length < MAX_BYTES);
    return result.isError() ? Optional.empty() : Optional.of(text.flip().toString());
  }

  /** @throws ComputeException a host's message is no UTF-8, which fails a job */
  void complain() {
    if (malformed.isPresent()) {
      throw new ComputeException("The file /opt/ml/output/message of " + malformed.get() + " is not UTF-8 encoded text");
    }
  }
}
