package dev.modelflow.engine.checkpoint;

import dev.modelflow.engine.tensor.PieceReader;
import dev.modelflow.engine.tensor.Pieces;
import dev.modelflow.engine.tensor.Range;
import dev.modelflow.engine.tensor.SignOfLife;
import dev.modelflow.weights.ElementType;
import dev.modelflow.weights.Safetensors.Shape;
import dev.modelflow.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** Writes float32 tensors as a safetensors file, piece by piece. */
final class PieceWriter {
  /** Gives tensors the bytes of their values, as the file has them. */
  @FunctionalInterface
  interface Bytes {
    /** The little-endian values of one tensor in row-major order, all that remains of buffers. */
    List<ByteBuffer> of(Shape tensor) throws IOException;
  }

  private PieceWriter() {}

  /**
   * Writes {@code file}.
   *
   * @param values is asked for each tensor's values, piece by piece, when it is its turn
   */
  static void write(Path file, List<Shape> tensors, PieceReader values) throws IOException {
    try (SafetensorsWriter writer = SafetensorsWriter.begin(file, tensors, ElementType.F32)) {
      for (Shape tensor : tensors) {
        float[] room = Pieces.room(tensor.size());
        for (Range piece : Pieces.of(tensor.size())) {
          values.read(tensor.name(), piece, room);
          writer.write(room, (int) piece.size());
        }
      }
    }
  }

  /**
   * Writes {@code file} from memory that has the values as the file does.
   *
   * @param bytes gives each tensor's, when it is its turn
   * @param sign is given after each piece that is written
   */
  static void writeBytes(Path file, List<Shape> tensors, Bytes bytes, SignOfLife sign)
      throws IOException {
    try (SafetensorsWriter writer = SafetensorsWriter.begin(file, tensors, ElementType.F32)) {
      for (Shape tensor : tensors) {
        for (ByteBuffer buffer : bytes.of(tensor)) {
          writer.write(buffer);
          sign.goesOn();
        }
      }
    }
  }
}
