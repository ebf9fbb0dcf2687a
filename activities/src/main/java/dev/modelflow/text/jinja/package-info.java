/**
 * The part of Jinja that chat templates are written in, computed as transformers computes it or
 * refused. Of every character that a template writes it is known whether it stood in the template.
 */
@NullMarked
package dev.modelflow.text.jinja;

import org.jspecify.annotations.NullMarked;
