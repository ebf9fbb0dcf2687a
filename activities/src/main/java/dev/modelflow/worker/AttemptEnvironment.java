package dev.modelflow.worker;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;

/** What an attempt runs on. */
final class AttemptEnvironment {
  private AttemptEnvironment() {}

  static Map<String, String> describe() {
    return Map.of(
        "java", Runtime.version().toString(),
        "os", System.getProperty("os.name", "") + " " + System.getProperty("os.version", ""),
        "architecture", System.getProperty("os.arch", ""),
        "processors", Integer.toString(Runtime.getRuntime().availableProcessors()),
        "host", host());
  }

  static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      return "localhost";
    }
  }
}
