package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.engine.tensor.Pieces;
import dev.modelflow.engine.tensor.Range;
import dev.modelflow.pool.TrainerSetup;
import dev.modelflow.weights.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tensor that is larger than the Java heap. */
class LargeTensorTest {
  private static final String HEAP = "-Xmx40m";
  private static final long BYTES = LargeTensor.EMBEDDING.size() * Float.BYTES;

  @TempDir private Path root;

  private String said() throws Exception {
    String main = LargeTensor.class.getName();
    ProcessBuilder builder = TrainerSetup.engineProcess(main, 1, root.toString());
    // The last of several counts.
    builder.command().add(builder.command().indexOf(main), HEAP);
    Path log = root.resolve("log");
    Process process = builder.redirectError(log.toFile()).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(log)).isZero();
    return said;
  }

  private Path weights(String checkpoint) {
    return root.resolve(checkpoint).resolve("model.safetensors");
  }

  private static ByteBuffer mapped(Path file, long from) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      return channel.map(MapMode.READ_ONLY, from, BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  @Test
  void isBegunImportedReleasedReadMergedExportedAndRefusedInPieces() throws Exception {
    assertThat(said())
        .isEqualTo(
            "model.safetensors has NaN in tensor 'model.embed_tokens.weight' at value %d: use a"
                + " checkpoint from before its training broke",
            LargeTensor.EMBEDDING.size() - 1);
    for (String checkpoint : new String[] {"imported", "read", "merged"}) {
      assertThat(Files.mismatch(weights("initial"), weights(checkpoint))).isEqualTo(-1);
    }
    ByteBuffer embedding = mapped(weights("initial"), 8 + headerLength(weights("initial")));
    assertBeginsAsDrawn(embedding);
    assertIsRounded(embedding);
    Path gguf = root.resolve("model.gguf");
    assertThat(mapped(gguf, Files.size(gguf) - BYTES).mismatch(embedding)).isEqualTo(-1);
  }

  /** Released in a file of its own, and read from there again. */
  private void assertIsRounded(ByteBuffer embedding) throws IOException {
    Path released = root.resolve("release/model-00001-of-00002.safetensors");
    assertThat(Files.size(released)).isBetween(BYTES / 2, BYTES / 2 + 1000);
    ByteBuffer rounded = mapped(weights("rounded"), 8 + headerLength(weights("rounded")));
    float[] value = new float[1];
    ByteBuffer half = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < BYTES; at += Float.BYTES) {
      value[0] = embedding.getFloat(at);
      ElementType.BF16.encode(value, 1, half.clear());
      float expected = Float.intBitsToFloat(half.getShort(0) << 16);
      if (rounded.getFloat(at) != expected) {
        assertThat(rounded.getFloat(at)).as("at byte %d", at).isEqualTo(expected);
      }
    }
  }

  private static long headerLength(Path file) throws IOException {
    return mapped(file, 0).getLong();
  }

  /** Values do not hang on the piece in which they were drawn. */
  private static void assertBeginsAsDrawn(ByteBuffer embedding) {
    float[] value = new float[1];
    long last = LargeTensor.EMBEDDING.size() - 1;
    for (long at : new long[] {0, Pieces.VALUES - 1, Pieces.VALUES, last}) {
      Range piece = new Range(at, at + 1);
      LargeTensor.START.fill(LargeTensor.EMBEDDING, LargeTensor.SEED, piece, value);
      assertThat(embedding.getFloat((int) at * Float.BYTES)).isEqualTo(value[0]);
    }
  }
}
