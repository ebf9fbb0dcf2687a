package dev.modelflow.cli.bench.objects;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** A checkpoint's files, whose bytes nothing can compress and which are the same for a seed. */
final class CheckpointFiles {
  private static final int BLOCK = 1 << 20;

  private CheckpointFiles() {}

  /** Weights, and two moments of the optimizer for each of them. */
  static void write(Path folder, long bytes, long seed) throws IOException {
    Map<String, Long> sizes = new LinkedHashMap<>();
    sizes.put("model.safetensors", bytes / 3);
    sizes.put("optimizer.safetensors", bytes - bytes / 3);
    long fileSeed = seed;
    for (Map.Entry<String, Long> file : sizes.entrySet()) {
      fill(folder.resolve(file.getKey()), file.getValue(), fileSeed++);
    }
  }

  private static void fill(Path file, long bytes, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] block = new byte[BLOCK];
    ByteBuffer words = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long left = bytes; left > 0; left -= BLOCK) {
        for (int i = 0; i < BLOCK; i += Long.BYTES) {
          words.putLong(i, random.nextLong());
        }
        out.write(block, 0, (int) Math.min(left, BLOCK));
      }
    }
  }
}
