# Stand-in for the file of FreeSurfer that sets up its environment: for bash, and with variables that may not be set.
if [[ -z "$FSFAST_HOME" ]]; then
  export FSFAST_HOME=$FREESURFER_HOME/fsfast
fi
export PATH=$FREESURFER_HOME/bin:$PATH
