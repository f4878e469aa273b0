/** Where the command of a tool runs: one {@link org.datman.pipeline.runner.JobRunner} per kind of place. */
@org.jspecify.annotations.NullMarked
package org.datman.pipeline.runner;
