/** What people ask of flows: plan, start, branch, rerun, cancel; shared by API and pages. */
@NullMarked
package dev.modelflow.web.flow;

import org.jspecify.annotations.NullMarked;
