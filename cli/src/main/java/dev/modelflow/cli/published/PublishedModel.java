package dev.modelflow.cli.published;

import dev.modelflow.cli.client.FileException;
import dev.modelflow.engine.stage.ImportBlock;
import dev.modelflow.engine.stage.StageFailure;
import dev.modelflow.recipe.Recipe;
import dev.modelflow.text.TextException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A model's folder in Hugging Face's layout, as the recipe of a flow that begins with it. */
public final class PublishedModel {
  private static final String NOT_TAKEN = "0".repeat(64);

  private final Path folder;
  private final Map<String, String> about;
  private final ImportBlock block;
  private final Map<String, String> digests;

  private PublishedModel(
      Path folder, Map<String, String> about, ImportBlock block, Map<String, String> digests) {
    this.folder = folder;
    this.about = about;
    this.block = block;
    this.digests = digests;
  }

  /**
   * Looks at a folder as its import will, but for the values of the weights.
   *
   * @param about what else the stage {@code import} says of it, by its keys
   * @param reads is told of each file before its digest is taken
   * @throws PublishedException when it cannot be imported
   * @throws dev.modelflow.recipe.RecipeException when no recipe may say so of a model
   */
  public static PublishedModel of(Path folder, Map<String, String> about, Consumer<Path> reads) {
    Path whole = folder.toAbsolutePath().normalize();
    try {
      ImportBlock block = ImportBlock.of(whole);
      requireRecipe(whole, about, block);
      return new PublishedModel(whole, about, block, block.digests(reads));
    } catch (IOException | UncheckedIOException | TextException | StageFailure refused) {
      throw new PublishedException(
          whole + " cannot be imported: " + FileException.sentence(refused), refused);
    }
  }

  /** What no recipe may say is refused before digests are taken, which may take minutes. */
  private static void requireRecipe(Path folder, Map<String, String> about, ImportBlock block) {
    Map<String, String> files = new LinkedHashMap<>();
    block.files().forEach(file -> files.put(String.valueOf(file.getFileName()), NOT_TAKEN));
    Recipe.parse(FirstRecipe.of(folder, block.model(), about, files), "the recipe of " + folder);
  }

  /** The recipe as YAML, with no other stage. */
  public String recipe() {
    return FirstRecipe.of(folder, block.model(), about, digests);
  }

  /** The blocks {@code model} and {@code import} as JSON shows them, and {@link #left()}. */
  public Map<String, Object> tree() {
    Map<String, Object> stage = new LinkedHashMap<>();
    stage.put("folder", folder.toString());
    stage.putAll(about);
    stage.put("files", digests.entrySet().stream().map(PublishedModel::pin).toList());
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("model", block.model());
    tree.put("import", stage);
    tree.put("left", left());
    return tree;
  }

  private static Map<String, String> pin(Map.Entry<String, String> file) {
    Map<String, String> pin = new LinkedHashMap<>();
    pin.put("name", file.getKey());
    pin.put("sha256", file.getValue());
    return pin;
  }

  /** A sentence for each thing that the folder says and the flow will not. */
  public List<String> left() {
    return block.left();
  }
}
