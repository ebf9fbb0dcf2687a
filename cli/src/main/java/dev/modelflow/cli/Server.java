package dev.modelflow.cli;

import dev.modelflow.cli.client.Api;
import java.net.URI;

/**
 * A server to ask.
 *
 * @param dashboard as people type it, with a slash at its end
 * @param api its client
 * @param option what to add to a command so that it asks this server; empty for this machine's own
 */
record Server(URI dashboard, Api api, String option) {
  /** The page of a run. */
  String page(String run) {
    return dashboard + "runs/" + run;
  }
}
