"""What stands between the network and the page: nothing of the lesson, all of the hostility."""
