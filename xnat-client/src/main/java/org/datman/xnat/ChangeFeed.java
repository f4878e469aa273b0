package org.datman.xnat;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A server that numbers its changes. They are hints: a change may be missing, because a server forgets those of what was deleted, or
 * begins again after it was restored. All methods throw what those of {@link ImageSource} throw.
 */
public interface ChangeFeed {

    /** The number of the last change; 0 for none. */
    long lastChange();

    /**
     * The sessions that changed after that number: one page of them. Where there is no later change, its {@link Changes#last} is the
     * number of the server's last one: smaller than the number asked for when the server began again.
     */
    Changes changesAfter(long number);

    /**
     * The sessions of changes that could not be looked up before.
     *
     * @param unread keys of {@link Changes#unread}
     */
    Changes lookUp(Collection<String> unread);

    /** The accession ids of the sessions that belong to none of these projects. */
    List<String> sessionsOutside(Set<String> projects);

    /**
     * A page of changes.
     *
     * @param last the number from which the next page begins
     * @param complete whether there were no more at this time
     * @param sessions that changed, each once; the project of one that belongs to none is empty
     * @param unread changes whose session the server refuses or cannot send, with the reason: they do not hold up the others
     */
    record Changes(long last, boolean complete, List<XnatListed> sessions, Map<String, String> unread) {

        public Changes {
            sessions = List.copyOf(sessions);
            unread = Map.copyOf(unread);
        }
    }
}
