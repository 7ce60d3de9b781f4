package dev.atelier.studio.kernels;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.jupyter.JupyterJson;
import dev.atelier.jupyter.Channel;
import dev.atelier.jupyter.KernelMessage;
import dev.atelier.jupyter.MessageHeader;
import dev.atelier.jupyter.ZmtpFrames;
import dev.atelier.kernel.Arn;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Writes what cells put out while no client was there into their notebooks' files, from the kernel's record. */
final class NotebookWriter {
  private static final ObjectMapper JSON = JupyterJson.mapper();

  private static final int MEBIBYTE = 1 << 20;
  /** Of outputs of one notebook: what a file can bear. */
  private static final int MOST_MEBIBYTES = 16;
  private static final long PATIENCE_SECONDS = 30;

  /** Of long outputs, of all notebooks together, in MiB. Each is in memory a few times on its way. */
  private final Semaphore room = new Semaphore(2 * MOST_MEBIBYTES, true);
  private final NotebookFiles files;
  private final Executions executions;
  private final Clock clock;

  NotebookWriter(NotebookFiles files, Executions executions, Clock clock) {
    this.files = files;
    this.executions = executions;
    this.clock = clock;
  }

  /**
   * Writes all that a kernel's cells put out so far and no client has saved; again is no harm.
   *
   * @return up to where in the kernel's record the files have it
   */
  long write(Arn owner, LiveKernel kernel, KernelHost host) throws IOException {
    // what had finished before this moment is within what was read of the record by the next
    Instant now = clock.instant();
    long end = kernel.watched();
    Map<String, List<Execution>> byPath = executions.all(kernel.id()).stream()
        .collect(Collectors.groupingBy(Execution::path));
    for (Map.Entry<String, List<Execution>> notebook : byPath.entrySet()) {
      Collection<Execution> runs = last(notebook.getValue());
      long begin = runs.stream().mapToLong(Execution::began).min().orElse(end);
      int mebibytes = (int) Math.clamp((end - begin) / MEBIBYTE, 0, MOST_MEBIBYTES);
      take(mebibytes);
      try {
        Map<String, CellOutputs> outputs = outputs(kernel, host, runs, begin, end);
        if (files.change(owner, notebook.getKey(), file -> put(file, outputs))) {
          executions.saved(kernel.id(), notebook.getKey(), now);
        }
      } finally {
        room.release(mebibytes);
      }
    }
    return end;
  }

  private void take(int mebibytes) throws IOException {
    try {
      // who asks for none need not wait behind those who do
      if (mebibytes > 0 && !room.tryAcquire(mebibytes, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("the server writes as much into notebooks as it has room for");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the server is being stopped");
    }
  }

  /** The last run of each cell. */
  private static Collection<Execution> last(List<Execution> runs) {
    Map<String, Execution> byCell = new LinkedHashMap<>();
    runs.forEach(run -> byCell.put(run.cell(), run));
    return byCell.values();
  }

  /** What each cell put out when it was run last, by the cell's id. */
  private static Map<String, CellOutputs> outputs(LiveKernel kernel, KernelHost host, Collection<Execution> runs,
      long begin, long end) throws IOException {
    Map<String, CellOutputs> byRequest = new HashMap<>();
    Map<String, CellOutputs> byCell = new LinkedHashMap<>();
    CellOutputs.Room room = new CellOutputs.Room((long) MOST_MEBIBYTES * MEBIBYTE);
    runs.forEach(run -> {
      CellOutputs outputs = new CellOutputs(room);
      byRequest.put(run.message(), outputs);
      byCell.put(run.cell(), outputs);
    });
    try (KernelFeed feed = KernelFeed.open(host, kernel.id(), begin)) {
      while (feed.offset() < end) {
        if (feed.next() instanceof KernelFeed.Entry.Said(Channel channel, byte[] frames) && channel == Channel.IOPUB) {
          KernelMessage message = kernel.signer().message(ZmtpFrames.decode(frames));
          CellOutputs outputs = byRequest.get(MessageHeader.of(message.parent()).id());
          if (outputs != null) {
            outputs.take(MessageHeader.of(message.header()).type(), JSON.readTree(message.content()));
          }
        }
      }
    }
    return byCell;
  }

  /** Whether any of the cells is in the notebook. */
  private static boolean put(ObjectNode notebook, Map<String, CellOutputs> outputs) {
    boolean any = false;
    for (JsonNode cell : notebook.path("cells")) {
      CellOutputs its = outputs.get(cell.path("id").asText());
      if (its != null && cell instanceof ObjectNode code && code.path("cell_type").asText().equals("code")) {
        its.into(code);
        any = true;
      }
    }
    return any;
  }
}
