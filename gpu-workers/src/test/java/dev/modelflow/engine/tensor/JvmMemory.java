package dev.modelflow.engine.tensor;

import java.lang.management.ManagementFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * What the JVM has for itself from {@code malloc}, as its native memory tracking counts it: its
 * compilers', collector's and classes', not the buffers that programs ask it for.
 */
final class JvmMemory {
  private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();
  private static final Object[] SUMMARY = {new String[] {"summary", "scale=B"}};
  private static final String[] SIGNATURE = {String[].class.getName()};
  private static final Pattern ALL = Pattern.compile("malloc: (\\d+) ");

  /** The category of buffers outside the heap and of arenas of the foreign memory interface. */
  private static final Pattern OF_PROGRAMS = Pattern.compile("malloc=(\\d+) tag=Other ");

  private JvmMemory() {}

  /** Bytes in use now. */
  static long inUse() {
    String summary = summary();
    return bytes(ALL, summary) - bytes(OF_PROGRAMS, summary);
  }

  private static String summary() {
    try {
      ObjectName commands = new ObjectName("com.sun.management:type=DiagnosticCommand");
      return (String) SERVER.invoke(commands, "vmNativeMemory", SUMMARY, SIGNATURE);
    } catch (JMException e) {
      throw new IllegalStateException("the JVM cannot be asked for its native memory", e);
    }
  }

  private static long bytes(Pattern count, String summary) {
    Matcher matcher = count.matcher(summary);
    if (!matcher.find()) {
      throw new IllegalStateException(
          "start the test JVM with -XX:NativeMemoryTracking=summary; it says: " + summary);
    }
    return Long.parseLong(matcher.group(1));
  }
}
