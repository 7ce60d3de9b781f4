package dev.atelier.server;

import com.sun.management.OperatingSystemMXBean;
import dev.atelier.jobs.Capacity;
import dev.atelier.server.config.ServerConfig;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/** How much of this machine may be given to jobs. */
final class Machine {
  private static final long GIB = 1L << 30;

  private Machine() {}

  /** What the configuration says, else all cores and all memory but what the server itself needs. */
  static Capacity capacity(ServerConfig.Capacity config) {
    OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    double cpus = config.cpus() == null ? Runtime.getRuntime().availableProcessors() : config.cpus();
    long memory = config.memoryGiB() == null ? Math.max(GIB, system.getTotalMemorySize() - GIB)
        : (long) (config.memoryGiB() * GIB);
    return new Capacity(cpus, memory, new Capacity.Policy(config.oversize().equals("refuse"),
        Capacity.GpuAbsent.valueOf(config.gpuAbsent().toUpperCase(Locale.ROOT))));
  }
}
