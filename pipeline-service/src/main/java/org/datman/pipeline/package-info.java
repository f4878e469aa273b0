/**
 * Who may run what, and running it, by feature: {@code selection} (may this session run that tool, and why not), {@code
 * request} (hearing, deciding, asking), {@code boutiques} (tool descriptors), {@code run} (jobs, workers, judging by
 * declared outputs), {@code state} (what was heard and said so far).
 */
package org.datman.pipeline;
