package dev.atelier.server;

import com.sun.management.OperatingSystemMXBean;
import dev.atelier.jobs.Capacity;
import dev.atelier.server.config.ServerConfig;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.util.Locale;

/** How much of this machine may be given to jobs. */
final class Machine {
  private static final long GIB = 1L << 30;

  private Machine() {}

  /**
   * What the configuration says, else all cores, all GPUs, and all memory but what the server itself needs.
   *
   * @param gpus that sandboxes can be given
   */
  static Capacity capacity(ServerConfig.Capacity config, int gpus, Clock clock) {
    OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    double cpus = config.cpus() == null ? Runtime.getRuntime().availableProcessors() : config.cpus();
    long memory = config.memoryGiB() == null ? Math.max(GIB, system.getTotalMemorySize() - GIB)
        : (long) (config.memoryGiB() * GIB);
    int devices = config.gpus() == null ? gpus : Math.min(config.gpus(), gpus);
    return new Capacity(new Capacity.Machine(cpus, memory, devices), new Capacity.Policy(
        config.oversize().equals("refuse"), Capacity.GpuAbsent.valueOf(config.gpuAbsent().toUpperCase(Locale.ROOT))),
        clock);
  }
}
