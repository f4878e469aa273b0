/**
 * The dashboard, by feature: {@code projection} (the read model, which can be rebuilt from the topics), {@code session},
 * {@code study}, {@code inbox}, {@code operations}, {@code metric} and {@code search} (pages), {@code review}, {@code failure},
 * {@code alarm}, {@code acknowledgement}, {@code configuration} and {@code goldstandard} (decisions of people), {@code picture} (files of the archive),
 * {@code live} (notices of change), {@code login}, {@code access} (who may see what), {@code audit} (who did what), {@code api} (the same as JSON), {@code web} (shared by all pages).
 */
@NullMarked
package org.datman.dashboard;

import org.jspecify.annotations.NullMarked;
