package dev.modelflow.adapter;

import dev.modelflow.adapter.SavedSteps.Saved;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A program of open-instruct: how it is started, and what it leaves. */
sealed interface OpenInstructProgram permits DpoProgram, GrpoProgram {
  /** What is put before the script that runs it. */
  List<String> launcher();

  /** Its file in the checkout. */
  String file();

  /** Its flags; fails where the devices shown cannot do what the stage asks for. */
  List<String> flags() throws IOException;

  /** Variables that it needs. */
  Map<String, String> environment();

  /** Checkpoints that have become whole since the last call. */
  List<Saved> saved() throws IOException;

  /** Whether tensors must be converted; else they lie in the checkpoint as safetensors. */
  boolean isDistributed();

  /** Moves the program's own state of a checkpoint, from which only it can go on. */
  void takeState(Saved checkpoint, Path target) throws IOException;

  /** Lays that state where the program looks for it. */
  void giveState(Path source) throws IOException;
}
