package dev.modelflow.engine.tensor;

import java.util.List;

/** What libtorch computes on in a process. */
public enum Device {
  /** The processor: several lanes, and pieces of work that fit a core's cache. */
  CPU("cpu", 1024, 1 << 15),

  /** The first GPU that CUDA shows: one lane, and pieces that keep it busy. */
  CUDA("cuda:0", 16_384, Long.MAX_VALUE);

  private final String kind;
  private final int tokensAtOnce;
  private final long valuesAtOnce;

  Device(String kind, int tokensAtOnce, long valuesAtOnce) {
    this.kind = kind;
    this.tokensAtOnce = tokensAtOnce;
    this.valuesAtOnce = valuesAtOnce;
  }

  /**
   * The device that docs/trainer-contract.md calls so: {@code cpu}, {@code cuda} or {@code cuda:0}.
   *
   * @throws NoDeviceException for any other name
   */
  public static Device of(String kind) {
    return switch (kind) {
      case "cpu" -> CPU;
      case "cuda", "cuda:0" -> CUDA;
      default ->
          throw new NoDeviceException(
              "The engine computes on cpu or cuda:0, not on '%s': change the pool's device"
                  .formatted(kind));
    };
  }

  /** As docs/trainer-contract.md calls it. */
  public String kind() {
    return kind;
  }

  /** Most tokens that a lane takes through a model at once where nobody says how many. */
  public int tokensAtOnce() {
    return tokensAtOnce;
  }

  /**
   * A part of flat buffers in pieces: where several operations follow each other over several
   * buffers, a processor's cache holds a piece of all of them.
   */
  public List<Range> pieces(Range whole) {
    return whole.pieces(valuesAtOnce);
  }

  /** Lanes that {@code threads} of the processor can keep at work side by side. */
  int lanes(int threads) {
    return this == CPU ? threads : 1;
  }
}
