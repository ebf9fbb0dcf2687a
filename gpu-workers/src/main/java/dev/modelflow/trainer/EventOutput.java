package dev.modelflow.trainer;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Keeps standard output for events. Native libraries write to its descriptor what is none, such as
 * gloo's word that ranks are connected, and so does a JVM that crashes: from then on all that goes
 * to standard error.
 */
final class EventOutput {
  private static final int OUTPUT = 1;
  private static final int ERROR = 2;

  private EventOutput() {}

  /** What standard output is now, for events alone; it is taken once. */
  static PrintStream take() {
    PrintStream events = own();
    System.setOut(System.err);
    return events;
  }

  /** Where another descriptor cannot be had, as without /proc, events share it with all else. */
  private static PrintStream own() {
    try {
      // Not truncated, since it may be a file.
      FileOutputStream events = new FileOutputStream("/proc/self/fd/" + OUTPUT, true);
      sendOutputToErrors();
      return new PrintStream(events, true);
    } catch (IOException shared) {
      return System.out;
    }
  }

  @SuppressWarnings("restricted") // dup2 is called with descriptors that every process has
  private static void sendOutputToErrors() {
    Linker linker = Linker.nativeLinker();
    MethodHandle dup2 =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("dup2"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try {
      if ((int) dup2.invokeExact(ERROR, OUTPUT) != OUTPUT) {
        throw new IllegalStateException("Standard output cannot be led to standard error");
      }
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
