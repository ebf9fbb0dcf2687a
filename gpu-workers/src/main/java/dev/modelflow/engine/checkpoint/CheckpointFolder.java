package dev.modelflow.engine.checkpoint;

import dev.modelflow.domain.CanonicalJson;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.ParameterLayout.Entry;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.optim.AdamW;
import dev.modelflow.engine.optim.Moments;
import dev.modelflow.engine.tensor.PieceReader;
import dev.modelflow.engine.tensor.SignOfLife;
import dev.modelflow.objects.Folders;
import dev.modelflow.text.SpecialIds;
import dev.modelflow.text.Tokenizer;
import dev.modelflow.weights.CheckpointException;
import dev.modelflow.weights.ModelFiles;
import dev.modelflow.weights.Safetensors.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A checkpoint on disk, as the trainer contract describes it. Equal training state makes equal
 * bytes.
 */
public final class CheckpointFolder {
  static final String CONFIG = "config.json";
  static final String OPTIMIZER = "optimizer.safetensors";

  /** The file of what a stage notes for its continuation. */
  public static final String STATE = "trainer_state.json";

  private static final String STEPS = "optimizerSteps";
  static final String FIRST = "exp_avg.";
  static final String SECOND = "exp_avg_sq.";

  private final Path folder;
  private final SignOfLife sign;

  /** The checkpoint in this folder. */
  public CheckpointFolder(Path folder) {
    this(folder, SignOfLife.NONE);
  }

  /** The same, with a sign of life after each piece of a tensor that is read or written. */
  public CheckpointFolder(Path folder, SignOfLife sign) {
    this.folder = folder;
    this.sign = sign;
  }

  /** The folder. */
  public Path path() {
    return folder;
  }

  /** Its tokenizer. */
  public Path tokenizer() {
    return folder.resolve(Tokenizer.FILE);
  }

  /**
   * The model's shape.
   *
   * @throws CheckpointException naming the key of {@code config.json} that is wrong
   */
  public ModelConfig model() throws IOException {
    try {
      return HuggingFaceConfig.read(json(CONFIG));
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(String.valueOf(e.getMessage()), e);
    }
  }

  /** What the stage noted for its continuation. */
  public ObjectNode state() throws IOException {
    if (json(STATE) instanceof ObjectNode state) {
      return state;
    }
    throw new CheckpointException(STATE + " is no JSON object: use another checkpoint");
  }

  /**
   * Reads the weights into {@code weights}.
   *
   * @throws CheckpointException naming the tensor that is damaged, missing, too much, of another
   *     shape or not finite
   */
  public void readWeights(Parameters weights) throws IOException {
    try (WeightFiles files = WeightFiles.ofModel(folder, weights.layout(), sign)) {
      files.read("", weights);
    }
  }

  /**
   * Opens the weights of {@link #model()}, to be read piece by piece and closed.
   *
   * @throws CheckpointException naming the tensor that is damaged, missing, too much or of another
   *     shape
   */
  public WeightFiles weights() throws IOException {
    return WeightFiles.ofModel(folder, new ParameterLayout(model()), sign);
  }

  /** The files that model and tokenizer are read from: what an import must trust. */
  public List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>(List.of(folder.resolve(CONFIG), tokenizer()));
    ModelFiles.names(folder).forEach(name -> files.add(folder.resolve(name)));
    for (Path file : files) {
      if (!Files.exists(file)) {
        throw new CheckpointException(
            folder + " has no " + file.getFileName() + ": is it the right folder?");
      }
    }
    return files;
  }

  /** Whether it holds an optimizer's moments; an imported model does not. */
  public boolean hasOptimizer() {
    return Files.exists(folder.resolve(OPTIMIZER));
  }

  /**
   * Reads the moments into {@code optimizer}, which continues after as many updates.
   *
   * @throws CheckpointException naming the tensor that is damaged, missing, too much, of another
   *     shape, not finite or a mean of squares below 0
   */
  public void readOptimizer(AdamW optimizer) throws IOException {
    try (WeightFiles files = WeightFiles.of(folder, OPTIMIZER, sign)) {
      files.requireNoOthers(optimizer.first().layout(), List.of(FIRST, SECOND));
      files.read(FIRST, optimizer.first());
      files.readSquares(SECOND, optimizer.second());
    }
    optimizer.continueAfter(optimizerSteps());
  }

  /**
   * Updates that the moments have seen.
   *
   * @throws CheckpointException when it is not said: moments alone make too large steps
   */
  public long optimizerSteps() throws IOException {
    JsonNode steps = state().path(STEPS);
    if (!steps.isIntegralNumber() || !steps.canConvertToLong() || steps.asLong() < 0) {
      throw new CheckpointException(
          "%s has %s for %s: expected a whole number from 0 on; use another checkpoint"
              .formatted(STATE, steps.isMissingNode() ? "nothing" : steps, STEPS));
    }
    return steps.asLong();
  }

  /**
   * Writes the checkpoint under a temporary name and renames it when it is whole. Weights and
   * moments are in the processor's memory.
   *
   * @param moments null: a model without them, as an import has it
   * @param tokenizer file to copy, with what an import has {@linkplain TakenOver taken over}
   * @param state what the stage notes for its continuation
   */
  public void write(
      ModelConfig model,
      Parameters weights,
      @Nullable Moments moments,
      Path tokenizer,
      ObjectNode state)
      throws IOException {
    Path temporary = begin(model, tokenizer);
    PieceWriter.writeBytes(
        temporary.resolve(ModelFiles.SINGLE),
        shapes(weights.layout(), UnaryOperator.identity()),
        shape -> memory(weights, shape.name()),
        sign);
    if (moments != null) {
      writeMoments(temporary.resolve(OPTIMIZER), moments);
    }
    finish(temporary, tokenizer, state);
  }

  /**
   * Writes a checkpoint without moments, of which no more than a piece is in memory.
   *
   * @param weights is asked for each weight's values; what it throws ends the writing
   * @param tokenizer file to copy, with what an import has {@linkplain TakenOver taken over}
   */
  public void write(ModelConfig model, PieceReader weights, Path tokenizer, ObjectNode state)
      throws IOException {
    Path temporary = begin(model, tokenizer);
    PieceWriter.write(
        temporary.resolve(ModelFiles.SINGLE),
        shapes(new ParameterLayout(model), UnaryOperator.identity()),
        weights);
    finish(temporary, tokenizer, state);
  }

  private Path begin(ModelConfig model, Path tokenizer) throws IOException {
    Path temporary = folder.resolveSibling(folder.getFileName() + ".part");
    Folders.delete(temporary);
    Folders.delete(folder);
    Files.createDirectories(temporary);
    writeJson(temporary.resolve(CONFIG), config(model, tokenizer));
    return temporary;
  }

  private void finish(Path temporary, Path tokenizer, ObjectNode state) throws IOException {
    Files.copy(tokenizer, temporary.resolve(Tokenizer.FILE));
    TakenOver.copy(tokenizer, temporary);
    // Last: a folder that was left halfway has none, and nothing goes on from it.
    writeJson(temporary.resolve(STATE), JsonMapper.shared().treeToValue(state, Object.class));
    Files.move(temporary, folder, StandardCopyOption.ATOMIC_MOVE);
  }

  static Map<String, @Nullable Object> config(ModelConfig model, Path tokenizer) {
    SpecialIds specials = SpecialIds.read(tokenizer);
    Map<String, @Nullable Object> config = HuggingFaceConfig.write(model);
    config.put("eos_token_id", specials.endOfText());
    config.put("pad_token_id", specials.padding());
    return config;
  }

  private void writeMoments(Path file, Moments moments) throws IOException {
    ParameterLayout layout = moments.first().layout();
    List<Shape> shapes = new ArrayList<>(shapes(layout, FIRST::concat));
    shapes.addAll(shapes(layout, SECOND::concat));
    PieceWriter.writeBytes(
        file,
        shapes,
        shape ->
            shape.name().startsWith(FIRST)
                ? memory(moments.first(), shape.name().substring(FIRST.length()))
                : memory(moments.second(), shape.name().substring(SECOND.length())),
        sign);
  }

  /**
   * From where they lie, in the file's order on every processor that libtorch is built for here:
   * copies on the Java heap would take a core from those that train.
   */
  private static List<ByteBuffer> memory(Parameters values, String name) {
    return values.memory(values.layout().entry(name));
  }

  /** By name, since the buffer's order is nobody else's concern. */
  static List<Shape> shapes(ParameterLayout layout, UnaryOperator<String> name) {
    return layout.entries().stream()
        .sorted(Comparator.comparing(Entry::name))
        .map(entry -> new Shape(name.apply(entry.name()), entry.shape()))
        .toList();
  }

  private JsonNode json(String file) throws IOException {
    Path path = folder.resolve(file);
    if (!Files.exists(path)) {
      throw new CheckpointException(folder + " has no " + file + ": is it the right folder?");
    }
    try {
      return JsonMapper.shared().readTree(Files.readString(path));
    } catch (JacksonException e) {
      throw new CheckpointException(file + " is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  static void writeJson(Path file, Object tree) throws IOException {
    Files.writeString(file, CanonicalJson.write(tree) + "\n");
  }
}
