const progress = document.getElementById('progress');
window.__TAURI__.event.listen('progress', ({ payload }) => (progress.value = payload), { target: 'splash' });
