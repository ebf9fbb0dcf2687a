package dev.modelflow.worker;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** What a worker finds itself on. */
final class Machine {
  private Machine() {}

  /** Cores of the processor that this process may use. */
  static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** Bytes of memory that this process and its children may use: the container's, if it has any. */
  static long memory() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }
}
