package dev.modelflow.engine.kernel;

import static dev.modelflow.engine.kernel.Vectors.FLOATS;
import static dev.modelflow.engine.kernel.Vectors.INTS;
import static dev.modelflow.engine.kernel.Vectors.LANES;
import static dev.modelflow.engine.kernel.Vectors.SHORTS;

import dev.modelflow.engine.tensor.Precision;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/** Moves rows between matrices and arrays, and between precisions. */
public final class Rows {
  /** All addresses there are. */
  @SuppressWarnings(
      "restricted") // Every address is of a matrix, a weight or a cache that checked it.
  static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final int HALF = 16;

  private Rows() {}

  /** The vector at an address. */
  static FloatVector vector(long address) {
    return FloatVector.fromMemorySegment(FLOATS, MEMORY, address, ORDER);
  }

  /** Copies {@code from} to {@code to}, rounding to the nearest where that is coarser. */
  public static void copy(Matrix from, Matrix to) {
    requireAlike(from, to);
    float[] row = new float[from.columns()];
    for (int i = 0; i < from.rows(); i++) {
      read(from, i, 0, from.columns(), row);
      write(row, to, i, 0, to.columns());
    }
  }

  /** Adds {@code from} to {@code to}, which is float32. */
  public static void add(Matrix from, Matrix to) {
    requireAlike(from, to);
    float[] row = new float[from.columns()];
    for (int i = 0; i < from.rows(); i++) {
      read(from, i, 0, from.columns(), row);
      add(row, to, i, 0, to.columns());
    }
  }

  /** Row i of {@code to} becomes the row of {@code table} that {@code chosen[i]} names. */
  public static void gather(Matrix table, int[] chosen, Matrix to) {
    float[] row = new float[table.columns()];
    for (int i = 0; i < chosen.length; i++) {
      read(table, chosen[i], 0, table.columns(), row);
      write(row, to, i, 0, to.columns());
    }
  }

  /** Adds row i of {@code from} to the row of {@code table}, float32, that it was gathered from. */
  public static void scatter(Matrix from, int[] chosen, Matrix table) {
    float[] row = new float[table.columns()];
    for (int i = 0; i < chosen.length; i++) {
      read(from, i, 0, from.columns(), row);
      add(row, table, chosen[i], 0, table.columns());
    }
  }

  private static void requireAlike(Matrix from, Matrix to) {
    if (from.rows() != to.rows() || from.columns() != to.columns()) {
      throw new IllegalArgumentException(
          "%d x %d values do not fit %d x %d"
              .formatted(from.rows(), from.columns(), to.rows(), to.columns()));
    }
  }

  private static void requireSums(Matrix matrix) {
    if (matrix.precision() != Precision.FLOAT32) {
      throw new IllegalArgumentException("Sums are made in float32, not in " + matrix.precision());
    }
  }

  /** The values of a row from a column on, at the beginning of {@code to}. */
  static void read(Matrix from, int row, int column, int count, float[] to) {
    read(from, row, column, count, to, 0);
  }

  /** The same, from {@code at} on. */
  static void read(Matrix from, int row, int column, int count, float[] to, int at) {
    long address = from.address(row, column, count);
    if (from.precision() == Precision.BF16) {
      readHalves(address, count, to, at);
    } else {
      readFloats(address, count, to, at);
    }
  }

  /** Sets the values of a row from a column on to those at the beginning of {@code from}. */
  static void write(float[] from, Matrix to, int row, int column, int count) {
    write(from, 0, to, row, column, count);
  }

  /** The same for those from {@code at} on. */
  static void write(float[] from, int at, Matrix to, int row, int column, int count) {
    long address = to.address(row, column, count);
    if (to.precision() == Precision.BF16) {
      writeHalves(from, at, count, address);
    } else {
      writeFloats(from, at, count, address);
    }
  }

  /** Adds to the values of a row of a float32 matrix from a column on. */
  static void add(float[] from, Matrix to, int row, int column, int count) {
    requireSums(to);
    long address = to.address(row, column, count);
    int whole = FLOATS.loopBound(count);
    for (int i = 0; i < whole; i += LANES) {
      long at = address + (long) i * Float.BYTES;
      vector(at).add(FloatVector.fromArray(FLOATS, from, i)).intoMemorySegment(MEMORY, at, ORDER);
    }
    for (int i = whole; i < count; i++) {
      long at = address + (long) i * Float.BYTES;
      MEMORY.set(FLOAT, at, MEMORY.get(FLOAT, at) + from[i]);
    }
  }

  /** Sets values of a row of a float32 matrix from a column on to 0. */
  static void clear(Matrix matrix, int row, int column, int count) {
    requireSums(matrix);
    MEMORY.asSlice(matrix.address(row, column, count), (long) count * Float.BYTES).fill((byte) 0);
  }

  private static void readFloats(long address, int count, float[] to, int at) {
    int whole = FLOATS.loopBound(count);
    for (int i = 0; i < whole; i += LANES) {
      vector(address + (long) i * Float.BYTES).intoArray(to, at + i);
    }
    for (int i = whole; i < count; i++) {
      to[at + i] = MEMORY.get(FLOAT, address + (long) i * Float.BYTES);
    }
  }

  private static void writeFloats(float[] from, int at, int count, long address) {
    int whole = FLOATS.loopBound(count);
    for (int i = 0; i < whole; i += LANES) {
      FloatVector.fromArray(FLOATS, from, at + i)
          .intoMemorySegment(MEMORY, address + (long) i * Float.BYTES, ORDER);
    }
    for (int i = whole; i < count; i++) {
      MEMORY.set(FLOAT, address + (long) i * Float.BYTES, from[at + i]);
    }
  }

  private static void readHalves(long address, int count, float[] to, int at) {
    int whole = FLOATS.loopBound(count);
    for (int i = 0; i < whole; i += LANES) {
      ShortVector halves =
          ShortVector.fromMemorySegment(SHORTS, MEMORY, address + (long) i * Short.BYTES, ORDER);
      IntVector bits = (IntVector) halves.convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
      bits.lanewise(VectorOperators.LSHL, HALF).reinterpretAsFloats().intoArray(to, at + i);
    }
    for (int i = whole; i < count; i++) {
      to[at + i] =
          Float.intBitsToFloat(MEMORY.get(SHORT, address + (long) i * Short.BYTES) << HALF);
    }
  }

  private static void writeHalves(float[] from, int at, int count, long address) {
    int whole = FLOATS.loopBound(count);
    for (int i = 0; i < whole; i += LANES) {
      IntVector bits = FloatVector.fromArray(FLOATS, from, at + i).reinterpretAsInts();
      IntVector even = bits.lanewise(VectorOperators.LSHR, HALF).and(1);
      IntVector rounded = bits.add(even).add(0x7fff).lanewise(VectorOperators.LSHR, HALF);
      ((ShortVector) rounded.convertShape(VectorOperators.I2S, SHORTS, 0))
          .intoMemorySegment(MEMORY, address + (long) i * Short.BYTES, ORDER);
    }
    for (int i = whole; i < count; i++) {
      int bits = Float.floatToRawIntBits(from[at + i]);
      short rounded = (short) ((bits + ((bits >>> HALF) & 1) + 0x7fff) >>> HALF);
      MEMORY.set(SHORT, address + (long) i * Short.BYTES, rounded);
    }
  }
}
