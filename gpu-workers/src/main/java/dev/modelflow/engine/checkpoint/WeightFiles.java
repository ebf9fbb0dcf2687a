package dev.modelflow.engine.checkpoint;

import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.ParameterLayout.Entry;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.tensor.PieceReader;
import dev.modelflow.engine.tensor.Pieces;
import dev.modelflow.engine.tensor.Range;
import dev.modelflow.engine.tensor.SignOfLife;
import dev.modelflow.weights.CheckpointException;
import dev.modelflow.weights.ElementType;
import dev.modelflow.weights.ModelFiles;
import dev.modelflow.weights.Safetensors.Shape;
import dev.modelflow.weights.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tensors of one safetensors file, or of the several that Hugging Face's index names. Values
 * are read piece by piece, and none that is not finite is given.
 */
public final class WeightFiles implements PieceReader, AutoCloseable {
  private record Held(SafetensorsFile file, Shape shape) {}

  /** What is done with a piece of a weight's tensor. */
  private interface Use {
    void of(Entry entry, Range piece, float[] values);
  }

  private final String name;
  private final SignOfLife sign;
  private final List<SafetensorsFile> files = new ArrayList<>();
  private final Map<String, Held> tensors = new HashMap<>();

  private WeightFiles(String name, SignOfLife sign) {
    this.name = name;
    this.sign = sign;
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
    String name = ModelFiles.names(folder).getFirst();
    WeightFiles weights = of(folder, name, ModelFiles.weights(folder), sign);
    try {
      weights.requireNoOthers(layout);
      weights.requireShapes("", layout);
      return weights;
    } catch (CheckpointException e) {
      weights.close();
      throw e;
    }
  }

  /** The tensors of one file, with a sign of life after each piece that is read. */
  static WeightFiles of(Path folder, String file, SignOfLife sign) throws IOException {
    return of(folder, file, List.of(file), sign);
  }

  private static WeightFiles of(Path folder, String name, List<String> files, SignOfLife sign)
      throws IOException {
    WeightFiles weights = new WeightFiles(name, sign);
    try {
      for (String file : files) {
        weights.add(SafetensorsFile.open(folder.resolve(file)));
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

  /** Whether they lie in one file in float32, as a checkpoint of ours has them. */
  boolean isOneOfFloat32() {
    return name.equals(ModelFiles.SINGLE) && files.getFirst().hasOnly(ElementType.F32);
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
    held(tensor).file().read(tensor, piece.from(), (int) piece.size(), into);
    sign.goesOn();
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
          "%s has tensor '%s', for which the model of config.json has no place: use files of one model"
              .formatted(name, others.stream().sorted().findFirst().orElse("")));
    }
  }

  private void requireShape(String tensor, List<Long> expected) throws CheckpointException {
    List<Long> extents = held(tensor).shape().extents();
    if (!extents.equals(expected)) {
      throw new CheckpointException(
          "%s has tensor '%s' of shape %s, but config.json makes it %s: use files of one model"
              .formatted(name, tensor, extents, expected));
    }
  }

  private Held held(String tensor) throws CheckpointException {
    Held held = tensors.get(tensor);
    if (held == null) {
      throw new CheckpointException(
          "%s has no tensor '%s', which the model of config.json needs: use files of one model"
              .formatted(name, tensor));
    }
    return held;
  }

  @Override
  public void close() throws IOException {
    for (SafetensorsFile file : files) {
      file.close();
    }
  }
}
