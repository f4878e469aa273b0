package org.nrg.xft.event.persist;

/** As far as a script can see it, what XNAT 1.8 to 1.10 give under that name. */
public interface PersistentWorkflowI {

    String getId();

    String getDataType();

    String getExternalid();

    String getPipelineName();

    String getStatus();

    Integer getWorkflowId();
}
