package org.datman.contracts.event;

import java.time.Instant;

/**
 * A person confirms a change of the study configuration that is held because it would withdraw files.
 *
 * @param study code of the study
 * @param change id of the change, as in {@link ConfigurationRead.Held}: another text of the file is another change
 * @param confirmedBy login name
 */
@WithBuilder
public record ConfigurationConfirmed(String study, String change, String confirmedBy, Instant time)
        implements Event.OfNoSession, ConfigurationConfirmedBuilder.With {

    @Override
    public String key() {
        return "configuration";
    }

    @Override
    public String identity() {
        return study + "/" + change;
    }

    @Override
    public String revision() {
        return time.toString();
    }

    @Override
    public EventOrder order() {
        return EventOrder.of(time);
    }

    @Override
    public String summary() {
        return confirmedBy + " confirmed the change " + change + " of study " + study;
    }
}
