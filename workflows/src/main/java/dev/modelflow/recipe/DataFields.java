package dev.modelflow.recipe;

import static dev.modelflow.recipe.RecipeFields.derived;
import static dev.modelflow.recipe.RecipeFields.optional;
import static dev.modelflow.recipe.RecipeFields.required;
import static dev.modelflow.recipe.RecipeFields.value;
import static dev.modelflow.recipe.RecipeFields.whole;

import dev.modelflow.domain.StageKind;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The keys of the stages that make data and of the release. */
final class DataFields {
  /** Kinds whose result is a checkpoint. */
  static final Set<StageKind> MODELS = EnumSet.range(StageKind.IMPORT, StageKind.MERGE);

  static final FieldType CURATED = new FieldType.StageName(Set.of(StageKind.CURATE));
  static final FieldType IMPORTED = new FieldType.StageName(Set.of(StageKind.IMPORT));
  static final FieldType SYNTHETIC = new FieldType.StageName(Set.of(StageKind.SYNTHESIZE));
  static final FieldType CHECKPOINT = new FieldType.Checkpoint(MODELS);

  /** A family of synthetic texts (a key of `synthesize`) and the source that its texts become. */
  static final Map<String, String> FAMILIES =
      Map.of(
          "repeats", "repeats",
          "longRepeats", "long-repeats",
          "sums", "sums",
          "problems", "problems",
          "needles", "needles",
          "longNeedles", "long-needles");

  static final List<Field> SYNTHESIZE =
      List.of(
          value(
              "heldOut",
              new FieldType.Real(0, false, 0.9),
              0.2,
              "Share of all problems that only questions may use."),
          family(
              "repeats",
              "Words out of a small set, repeated after a while: they teach to copy.",
              documents(9000),
              value("shortest", whole(1, 10_000), 2L, "Shortest period in words."),
              value("longest", whole(1, 10_000), 32L, "Longest period in words."),
              value("words", whole(2, 100_000), 62L, "Words of a text.")),
          family(
              "longRepeats",
              "The same for a longer context.",
              documents(0),
              value("shortest", whole(1, 10_000), 16L, "Shortest period in words."),
              value("longest", whole(1, 10_000), 250L, "Longest period in words."),
              value("words", whole(2, 100_000), 500L, "Words of a text.")),
          family("sums", "Sums of two numbers in the short form.", documents(10_000)),
          family("problems", "Word problems with worked solutions.", documents(10_000)),
          family(
              "needles",
              "Facts among other text, asked for at its end.",
              documents(3000),
              value("lines", whole(1, 1000), 4L, "Facts in a text."),
              value("shortest", whole(1, 1_000_000), 120L, "Shortest text in characters."),
              value("longest", whole(1, 1_000_000), 360L, "Longest text in characters.")),
          family(
              "longNeedles",
              "The same for a longer context.",
              documents(0),
              value("lines", whole(1, 1000), 8L, "Facts in a text."),
              value("shortest", whole(1, 1_000_000), 700L, "Shortest text in characters."),
              value("longest", whole(1, 1_000_000), 1850L, "Longest text in characters.")),
          value("conversations", amount(), 4000L, "Conversations for `sft`."),
          value("prompts", amount(), 4000L, "Questions for `dpo` and `rlvr`."),
          family(
              "questions",
              "Held-out questions for `evaluate`.",
              value("sums", amount(), 200L, "Sums."),
              value("problems", amount(), 400L, "Word problems."),
              value("needles", amount(), 100L, "Needles that fit the context."),
              value("longNeedles", amount(), 100L, "Needles that fit the longer context.")));

  static final List<Field> CURATE =
      List.of(
          optional(
              "synthetic",
              SYNTHETIC,
              "Stage whose documents join the pool and whose held-out questions are kept out."),
          derived(
              "vocabulary",
              whole(280, 262_144),
              "the model's vocabulary",
              (model, stage) -> (long) model.vocabulary(),
              "Entries of the tokenizer, at most; the model's own."),
          optional(
              "tokenizer",
              new FieldType.Choice(List.of("dolma2")),
              "A published tokenizer: `dolma2`, of Olmo 2 and 3; without it, one is trained."),
          optional(
              "tokenizerOf",
              IMPORTED,
              "Stage whose model's tokenizer is used in place of a trained one."),
          required("sources", new FieldType.Items(source(), 1), "Real text, pinned to its bytes."),
          value("quality", new FieldType.Flag(), true, "Whether poor documents are dropped."),
          value(
              "nearDuplicates",
              RecipeFields.share(),
              0.8,
              "Least Jaccard similarity of 5-word shingles; 1: exact duplicates only."),
          value(
              "contamination",
              RecipeFields.share(),
              0.5,
              "Least share of a question's words found in 8-word runs; 1: whole questions only."),
          value(
              "heldOut",
              new FieldType.Real(0, false, 0.9),
              0.02,
              "Share of the real documents kept for evaluation."),
          value(
              "tokenizerBytes",
              whole(1, Long.MAX_VALUE),
              10_000_000L,
              "The tokenizer is trained on at most so many bytes, spread over the corpus."));

  static final List<Field> RELEASE =
      List.of(
          required("from", CHECKPOINT, "The checkpoint that is released."),
          optional(
              "title",
              RecipeFields.text(),
              "What the model is called; without it, the flow's name."),
          optional(
              "licence",
              licence(),
              "Of the weights; without it, that of the import that the model goes on from, 'other' where several imports say several, and Apache-2.0 where none says any."),
          optional(
              "dtype",
              new FieldType.Choice(List.of("float32", "bf16")),
              "What the weights are written in: bf16 rounds them and takes half the bytes; without it, float32."),
          optional(
              "shardBytes",
              whole(1_000_000, Long.MAX_VALUE),
              "Bytes of a file of weights, at most, unless it holds a single tensor; a larger model is in several files; without it, 5000000000."));

  /** Entries of the tokenizer {@code dolma2}. */
  static final int DOLMA2 = 100_278;

  private DataFields() {}

  private static FieldType source() {
    return new FieldType.Group(
        List.of(
            required(
                "name",
                new FieldType.Text(RecipeFields.NAME, RecipeFields.NAMES),
                "The documents' source; several entries may share a name."),
            required(
                "artifact",
                new FieldType.Text(
                    "[\\w.-]+:[\\w.-]+:[\\w.-]+(:[\\w.-]+){0,2}",
                    "GROUP:ARTIFACT:VERSION[:TYPE[:CLASSIFIER]]"),
                "Coordinate on Maven Central."),
            required("sha256", sha256(), "Digest of the artifact's file."),
            required("licence", licence(), "What the text is licensed under."),
            required(
                "published",
                new FieldType.Text("[0-9]{4}-[0-9]{2}-[0-9]{2}", "a day as YYYY-MM-DD"),
                "The day the artifact appeared."),
            required(
                "format",
                new FieldType.Choice(List.of("wordnet", "javadoc", "java")),
                "How to read it."),
            value(
                "documents", amount(), 0L, "At most so many, spread over the artifact; 0: all.")));
  }

  static FieldType sha256() {
    return new FieldType.Text("[0-9a-f]{64}", "64 lower-case hexadecimal digits");
  }

  static FieldType licence() {
    return new FieldType.Text("[\\w.+ ()-]{1,100}", "a licence's name, e.g. Apache-2.0");
  }

  private static Field family(String name, String description, Field... fields) {
    return value(name, new FieldType.Group(List.of(fields)), Map.of(), description);
  }

  private static Field documents(long usual) {
    return value("documents", amount(), usual, "Texts that join the pool; 0: none.");
  }

  private static FieldType amount() {
    return whole(0, 10_000_000);
  }
}
