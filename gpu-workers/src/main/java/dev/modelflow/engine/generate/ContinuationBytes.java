package dev.modelflow.engine.generate;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What one rank's model said, as bytes for the others. */
final class ContinuationBytes {
  private ContinuationBytes() {}

  static byte[] write(List<List<Continuation>> answers) {
    int size =
        answers.stream()
            .mapToInt(
                samples -> Integer.BYTES + samples.stream().mapToInt(ContinuationBytes::size).sum())
            .sum();
    ByteBuffer bytes = ByteBuffer.allocate(size);
    for (List<Continuation> samples : answers) {
      bytes.putInt(samples.size());
      samples.forEach(sample -> write(sample, bytes));
    }
    return bytes.array();
  }

  private static int size(Continuation sample) {
    return 1 + Integer.BYTES + sample.tokens().length * (Integer.BYTES + Float.BYTES);
  }

  private static void write(Continuation sample, ByteBuffer bytes) {
    bytes.put((byte) (sample.ended() ? 1 : 0));
    bytes.putInt(sample.tokens().length);
    for (int i = 0; i < sample.tokens().length; i++) {
      bytes.putInt(sample.tokens()[i]);
      bytes.putFloat(sample.logProbs()[i]);
    }
  }

  /** The answers that were written, to the last bit. */
  static List<List<Continuation>> read(byte[] written) {
    ByteBuffer bytes = ByteBuffer.wrap(written);
    List<List<Continuation>> answers = new ArrayList<>();
    while (bytes.hasRemaining()) {
      List<Continuation> samples = new ArrayList<>();
      for (int left = bytes.getInt(); left > 0; left--) {
        samples.add(read(bytes));
      }
      answers.add(samples);
    }
    return answers;
  }

  private static Continuation read(ByteBuffer bytes) {
    boolean ended = bytes.get() == 1;
    int[] tokens = new int[bytes.getInt()];
    float[] logProbs = new float[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = bytes.getInt();
      logProbs[i] = bytes.getFloat();
    }
    return new Continuation(tokens, logProbs, ended);
  }
}
