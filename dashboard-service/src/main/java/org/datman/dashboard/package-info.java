/**
 * The dashboard, by feature: {@code projection} (what the topics say, as tables that can be rebuilt), {@code session},
 * {@code study}, {@code inbox}, {@code operations}, {@code metric} and {@code search} (pages), {@code review} and
 * {@code failure} and
 * {@code standard} (what people decide), {@code picture} (files of the archive), {@code live} (notices of change),
 * {@code login}, {@code api} (the same as JSON), {@code web} (what all pages share).
 */
package org.datman.dashboard;
