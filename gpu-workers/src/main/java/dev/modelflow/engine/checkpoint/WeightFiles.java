package dev.modelflow.engine.checkpoint;

import dev.modelflow.engine.checkpoint.Safetensors.Shape;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.ParameterLayout.Entry;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.tensor.PieceReader;
import dev.modelflow.engine.tensor.Pieces;
import dev.modelflow.engine.tensor.Range;
import dev.modelflow.engine.tensor.SignOfLife;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tensors of one safetensors file, or of the several that Hugging Face's index names. Values
 * are read piece by piece, and none that is not finite is given.
 */
public final class WeightFiles implements PieceReader, AutoCloseable {
  static final String SINGLE = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";
  private static final Set<String> PICKLES = Set.of("bin", "pt", "pth", "ckpt", "pkl");

  private record Held(SafetensorsFile file, Shape shape) {}

  /** What is done with a piece of a weight's tensor. */
  private interface Use {
    void of(Entry entry, Range piece, float[] values);
  }

  private final String name;
  private final List<SafetensorsFile> files = new ArrayList<>();
  private final Map<String, Held> tensors = new HashMap<>();

  private WeightFiles(String name) {
    this.name = name;
  }

  /**
   * The weights of this folder's model, in one file or in several. Names and shapes are compared
   * before any value is read.
   *
   * @param sign is given after each piece that is read
   * @throws CheckpointException naming the tensor that is damaged, missing, too much or of another
   *     shape
   */
  static WeightFiles ofModel(Path folder, ParameterLayout layout, SignOfLife sign)
      throws IOException {
    List<String> files = new ArrayList<>(names(folder));
    String name = files.getFirst();
    files.remove(INDEX);
    WeightFiles weights = of(folder, name, files, sign);
    try {
      weights.requireNoOthers(layout);
      weights.requireShapes("", layout);
      return weights;
    } catch (CheckpointException e) {
      weights.close();
      throw e;
    }
  }

  /**
   * The files that hold the model's weights in this folder: one, or an index and those it names.
   */
  static List<String> names(Path folder) throws IOException {
    if (Files.exists(folder.resolve(SINGLE))) {
      return List.of(SINGLE);
    }
    if (Files.exists(folder.resolve(INDEX))) {
      List<String> names = new ArrayList<>(List.of(INDEX));
      names.addAll(filesOf(folder.resolve(INDEX)));
      return names;
    }
    throw new CheckpointException(missing(folder));
  }

  /** The tensors of one file. */
  static WeightFiles of(Path folder, String file) throws IOException {
    return of(folder, file, SignOfLife.NONE);
  }

  /** The same, with a sign of life after each piece that is read. */
  static WeightFiles of(Path folder, String file, SignOfLife sign) throws IOException {
    return of(folder, file, List.of(file), sign);
  }

  private static WeightFiles of(Path folder, String name, List<String> files, SignOfLife sign)
      throws IOException {
    WeightFiles weights = new WeightFiles(name);
    try {
      for (String file : files) {
        weights.add(SafetensorsFile.open(folder.resolve(file), sign));
      }
      return weights;
    } catch (IOException | RuntimeException e) {
      weights.close();
      throw e;
    }
  }

  private void add(SafetensorsFile file) throws CheckpointException {
    files.add(file);
    for (Shape shape : file.shapes()) {
      if (tensors.put(shape.name(), new Held(file, shape)) != null) {
        throw new CheckpointException(
            "%s names two files that have tensor '%s': they are of different models"
                .formatted(name, shape.name()));
      }
    }
  }

  /**
   * Reads a tensor for each weight. Names and shapes are compared before any value is read.
   *
   * @param prefix of the tensors' names before the weights'
   * @throws CheckpointException naming the tensor that is missing, of another shape or not finite
   */
  void read(String prefix, Parameters into) throws IOException {
    readEach(prefix, into.layout(), this, into::write);
  }

  /**
   * Reads a tensor of means of squares for each weight.
   *
   * @throws CheckpointException as {@link #read(String, Parameters)}, or naming the tensor that has
   *     a negative value
   */
  void readSquares(String prefix, Parameters into) throws IOException {
    readEach(prefix, into.layout(), this::readSquares, into::write);
  }

  /**
   * Checks, without keeping any value, that there is a finite tensor of the right shape for each
   * weight.
   *
   * @param prefix of the tensors' names before the weights'
   * @throws CheckpointException naming the tensor that is missing, of another shape or not finite
   */
  public void require(String prefix, ParameterLayout layout) throws IOException {
    readEach(prefix, layout, this, (_, _, _) -> {});
  }

  /** Checks the same of tensors of means of squares, which are never negative. */
  void requireSquares(String prefix, ParameterLayout layout) throws IOException {
    readEach(prefix, layout, this::readSquares, (_, _, _) -> {});
  }

  private void readEach(String prefix, ParameterLayout layout, PieceReader reader, Use use)
      throws IOException {
    requireShapes(prefix, layout);
    for (Entry entry : layout.entries()) {
      float[] values = Pieces.room(entry.size());
      for (Range piece : Pieces.of(entry.size())) {
        reader.read(prefix + entry.name(), piece, values);
        use.of(entry, piece, values);
      }
    }
  }

  @Override
  public void read(String tensor, Range piece, float[] into) throws IOException {
    held(tensor).file().read(tensor, piece, into);
    for (int i = 0; i < piece.size(); i++) {
      if (!Float.isFinite(into[i])) {
        throw new CheckpointException(
            "%s has %s in tensor '%s' at value %d: use a checkpoint from before its training broke"
                .formatted(name, into[i], tensor, piece.from() + i));
      }
    }
  }

  private void readSquares(String tensor, Range piece, float[] into) throws IOException {
    read(tensor, piece, into);
    for (int i = 0; i < piece.size(); i++) {
      if (into[i] < 0) {
        throw new CheckpointException(
            "%s has %s in tensor '%s' at value %d, but a mean of squares is never negative: use another checkpoint"
                .formatted(name, into[i], tensor, piece.from() + i));
      }
    }
  }

  /**
   * Compares names and shapes with a model's weights.
   *
   * @throws CheckpointException naming the tensor that is missing or of another shape
   */
  private void requireShapes(String prefix, ParameterLayout layout) throws CheckpointException {
    for (Entry entry : layout.entries()) {
      requireShape(prefix + entry.name(), entry.shape());
    }
  }

  /**
   * Refuses tensors that no weight is read from: what they do to the model would be lost. Some
   * tools write a tied head a second time, which is none.
   */
  private void requireNoOthers(ParameterLayout layout) throws CheckpointException {
    Set<String> others = new LinkedHashSet<>(tensors.keySet());
    if (layout.head().name().equals(ParameterLayout.EMBEDDING)) {
      others.remove("lm_head.weight");
    }
    requireNoOthers(others, layout, List.of(""));
  }

  /** Refuses tensors that are no weight's under any of these prefixes. */
  void requireNoOthers(ParameterLayout layout, List<String> prefixes) throws CheckpointException {
    requireNoOthers(new LinkedHashSet<>(tensors.keySet()), layout, prefixes);
  }

  private void requireNoOthers(Set<String> others, ParameterLayout layout, List<String> prefixes)
      throws CheckpointException {
    for (Entry entry : layout.entries()) {
      prefixes.forEach(prefix -> others.remove(prefix + entry.name()));
    }
    if (!others.isEmpty()) {
      throw new CheckpointException(
          "%s has tensor '%s', for which the model of config.json has no place: it is of another kind"
              .formatted(name, others.stream().sorted().findFirst().orElse("")));
    }
  }

  private void requireShape(String tensor, List<Long> expected) throws CheckpointException {
    List<Long> extents = held(tensor).shape().extents();
    if (!extents.equals(expected)) {
      throw new CheckpointException(
          "%s has tensor '%s' of shape %s, but config.json makes it %s: they are of different models"
              .formatted(name, tensor, extents, expected));
    }
  }

  private Held held(String tensor) throws CheckpointException {
    Held held = tensors.get(tensor);
    if (held == null) {
      throw new CheckpointException(
          "%s has no tensor '%s', which the model of config.json needs".formatted(name, tensor));
    }
    return held;
  }

  /** The files of an index, which must lie beside it. */
  private static List<String> filesOf(Path index) throws IOException {
    Set<String> files = new LinkedHashSet<>();
    for (Map.Entry<String, JsonNode> entry : parsed(index).path("weight_map").properties()) {
      String file = entry.getValue().asString("");
      if (!file.endsWith(".safetensors") || file.contains("/") || file.contains("\\")) {
        throw new CheckpointException(
            "%s names file '%s' for tensor '%s': expected a safetensors file beside it"
                .formatted(INDEX, file, entry.getKey()));
      }
      files.add(file);
    }
    for (String file : files) {
      if (!Files.exists(index.resolveSibling(file))) {
        throw new CheckpointException(
            "%s names file '%s', which is not there: fetch it".formatted(INDEX, file));
      }
    }
    return List.copyOf(files);
  }

  private static JsonNode parsed(Path file) throws IOException {
    try {
      return JsonMapper.shared().readTree(Files.readString(file));
    } catch (JacksonException e) {
      throw new CheckpointException(
          file.getFileName() + " is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static String missing(Path folder) throws IOException {
    UnaryOperator<String> ending = file -> file.substring(file.lastIndexOf('.') + 1);
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> Objects.toString(file.getFileName()))
          .filter(file -> PICKLES.contains(ending.apply(file)))
          .sorted()
          .findFirst()
          .map(
              file ->
                  "%s is a pickle, which could run any code and is never read: convert it to %s"
                      .formatted(file, SINGLE))
          .orElse(
              folder + " has neither " + SINGLE + " nor " + INDEX + ": is it the right folder?");
    }
  }

  @Override
  public void close() throws IOException {
    for (SafetensorsFile file : files) {
      file.close();
    }
  }
}
