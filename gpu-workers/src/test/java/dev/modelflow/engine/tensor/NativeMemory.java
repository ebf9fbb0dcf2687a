package dev.modelflow.engine.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * What glibc's {@code malloc} has given to anyone but the JVM itself: libtorch's tensors, other
 * libraries', and buffers outside the heap. The process's resident memory would not do: the JVM's
 * heap is in it, which grows when it pleases, and its compilers take and give back tens of
 * megabytes.
 */
public final class NativeMemory {
  private static final int FIELDS = 10;
  private static final int MAPPED = 4;
  private static final int USED = 7;
  private static final StructLayout MALLINFO =
      MemoryLayout.structLayout(MemoryLayout.sequenceLayout(FIELDS, ValueLayout.JAVA_LONG));

  @SuppressWarnings("restricted") // The call has no arguments that could be wrong.
  private static final MethodHandle MALLINFO2 =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("mallinfo2"),
              FunctionDescriptor.of(MALLINFO));

  /** Between two looks at the JVM's own, more than this would be seen as somebody else's. */
  private static final long UNREST = 16L << 10;

  private NativeMemory() {}

  /** Bytes in use now; asks again while the JVM takes or gives back what is its own. */
  public static long inUse() {
    long before = JvmMemory.inUse();
    while (true) {
      long all = given();
      long after = JvmMemory.inUse();
      if (Math.abs(after - before) <= UNREST) {
        return all - after;
      }
      before = after;
    }
  }

  private static long given() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = (MemorySegment) MALLINFO2.invokeExact((SegmentAllocator) arena);
      return info.getAtIndex(ValueLayout.JAVA_LONG, USED)
          + info.getAtIndex(ValueLayout.JAVA_LONG, MAPPED);
    } catch (Throwable e) {
      throw new IllegalStateException("glibc's mallinfo2 cannot be asked", e);
    }
  }
}
