package dev.modelflow.recipe;

import dev.modelflow.domain.StageKind;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Olmo 3's settings by stage kind and name: as the technical report (arXiv 2512.13961) has them,
 * and as the released scripts do. docs/presets.md names the source of each difference.
 */
final class Olmo3Presets {
  /** Of every stage up to SFT (report, section 3.2; all official scripts). */
  private static final String BASE =
      "weightDecay: 0.1, beta1: 0.9, beta2: 0.95, gradientClip: 1.0, zLoss: 1e-5,"
          + " precision: auto, skipStep: {window: 128, deviations: 6.0}";

  /** How weights begin (OLMo-core's nn/transformer/init.py, which the scripts leave as it is). */
  private static final String START =
      ", embeddingDeviation: 0.02, linearDeviation: 0.02, outputNorm: 1.0";

  /** Of the 32B, which leaves repetitions out. */
  private static final String FILTER = ", instanceFilter: {shortest: 1, longest: 13, times: 32}";

  /** Of the stages that open-instruct trains, with PyTorch's AdamW. */
  private static final String ADAMW = "weightDecay: 0.0, beta1: 0.9, beta2: 0.999";

  private static final String TO_ZERO = ", finalLearningRate: 0.0, schedule: linear";

  private final Map<String, Map<String, Object>> presets = new LinkedHashMap<>();

  private Olmo3Presets() {}

  /** The presets of a kind, each the keys that it sets; none for kinds that do not train. */
  static Map<String, Map<String, Object>> of(StageKind kind) {
    Olmo3Presets all = new Olmo3Presets();
    switch (kind) {
      case PRETRAIN -> all.pretrain();
      case MIDTRAIN -> all.midtrain();
      case LONG_CONTEXT -> all.longContext();
      case SFT -> all.sft();
      case DPO -> all.dpo();
      case RLVR -> all.rlvr();
      default -> {}
    }
    return all.presets;
  }

  /** The 7B was cut off half way through its cosine and went on as {@code pretrain-2}. */
  private void pretrain() {
    String cosine = BASE + START + ", finalFraction: 0.1, schedule: cosine, warmupSteps: 2000";
    both(
        "olmo3-7b",
        cosine + ", rows: 512, steps: 597046, scheduleSteps: 1192092, learningRate: 3e-4");
    differ(
        "olmo3-32b",
        cosine + FILTER + ", rows: 1024, steps: 656000, learningRate: 6e-4",
        ", scheduleSteps: 683055",
        ", scheduleSteps: 706911");
  }

  private void midtrain() {
    differ(
        "olmo3-7b-pretrain-2",
        BASE
            + ", finalFraction: 0.1, schedule: half-cosine, warmupSteps: 0, rows: 512,"
            + " steps: 816768, learningRate: 3e-4",
        "",
        ", scheduleSteps: 1071884");
    String decay = BASE + TO_ZERO + ", warmupSteps: 0";
    differ(
        "olmo3-7b",
        decay + ", rows: 256, steps: 47684",
        ", learningRate: 2.074e-4",
        ", learningRate: 0.00020712352850360292");
    both("olmo3-32b", decay + FILTER + ", rows: 512, steps: 23842, learningRate: 2.071235285e-4");
  }

  private void longContext() {
    String stretch = BASE + TO_ZERO + ", contextFactor: 8, warmupSteps: 200, steps: 11921";
    differ(
        "olmo3-7b",
        stretch + ", rows: 64",
        ", learningRate: 2.074e-4",
        ", learningRate: 0.00020712352850360292");
    both("olmo3-32b", stretch + FILTER + ", rows: 128, learningRate: 2.071235285e-4");
  }

  private void sft() {
    String tune =
        "weightDecay: 0.0, beta1: 0.9, beta2: 0.95, gradientClip: 1.0, zLoss: 0.0,"
            + " precision: auto, skipStep: {window: 128, deviations: 6.0}, warmupFraction: 0.03,"
            + " rowLength: 32768"
            + TO_ZERO;
    both("olmo3-7b-think", tune + ", rows: 32, learningRate: 5e-5");
    both("olmo3-32b-think", tune + ", rows: 128, learningRate: 1e-4");
    both("olmo3-7b-instruct", tune + ", rows: 32, learningRate: 8e-5");
  }

  private void dpo() {
    String prefer =
        ADAMW + TO_ZERO + ", gradientClip: 0.0, warmupFraction: 0.1, beta: 5.0, batchPairs: 128";
    both("olmo3-7b-think", prefer + ", pairs: 150000, steps: 1172, learningRate: 8e-8");
    both("olmo3-32b-think", prefer + ", pairs: 200000, steps: 1563, learningRate: 7e-8");
    both("olmo3-7b-instruct", prefer + ", pairs: 260000, steps: 2032, learningRate: 1e-6");
  }

  private void rlvr() {
    String learn =
        ADAMW
            + ", gradientClip: 1.0, schedule: constant, warmupSteps: 0, reward: verifier,"
            + " temperature: 1.0, groupSize: 8, clipLow: 0.2, clipHigh: 0.272";
    differ(
        "olmo3-7b-think",
        learn + ", promptsPerStep: 64, steps: 1400, learningRate: 1e-6",
        ", importanceCap: 0.0",
        ", importanceCap: 2.0");
    differ(
        "olmo3-32b-think",
        learn + ", importanceCap: 2.0, steps: 750, learningRate: 2e-6",
        ", promptsPerStep: 128",
        ", promptsPerStep: 64");
    differ(
        "olmo3-7b-instruct",
        learn + ", promptsPerStep: 64, steps: 450, learningRate: 1e-6",
        ", importanceCap: 0.0",
        ", importanceCap: 2.0");
    differ(
        "olmo3-7b-zero",
        learn + ", importanceCap: 2.0, promptsPerStep: 32, learningRate: 1e-6",
        ", steps: 2000",
        ", steps: 3000");
  }

  private void both(String name, String keys) {
    differ(name, keys, "", "");
  }

  private void differ(String name, String keys, String paper, String script) {
    presets.put(name + "-paper", read(keys + paper));
    presets.put(name + "-script", read(keys + script));
  }

  private static Map<String, Object> read(String keys) {
    Map<String, Object> values = new LinkedHashMap<>();
    new TreeReader(new Problems("preset"))
        .read("{" + keys + "}")
        .ifPresent(
            tree -> {
              if (tree.plain() instanceof Map<?, ?> map) {
                map.forEach((key, value) -> values.put(key.toString(), value));
              }
            });
    return values;
  }
}
