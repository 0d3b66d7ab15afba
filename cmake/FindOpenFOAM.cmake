# Finds openfoam.com's OpenFOAM and makes one imported target a library: OpenFOAM::finiteVolume, OpenFOAM::meshTools, ...
#
# In this order:
#   OPENFOAM_INCLUDE_DIR, OPENFOAM_LIBRARY_DIR (environment)   a packed runtime: include/FOLDER/lnInclude
#   WM_PROJECT_DIR/src/*/lnInclude, FOAM_LIBBIN                 an openfoam.com installation
#   ~/.cache/surrogateFoam/openfoam-*                           headers that etc/install-dependencies unpacked; libraries in /usr/lib
#
# Sets OpenFOAM_FOUND, OpenFOAM_VERSION (1912, 2206, ...), OpenFOAM_SOURCE (where the headers are), OpenFOAM_DEFINITIONS.

file(STRINGS ${CMAKE_CURRENT_LIST_DIR}/openfoam-header-folders _folders)
set(_cache $ENV{SURROGATE_CACHE})
if(NOT _cache)
    set(_cache $ENV{HOME}/.cache/surrogateFoam)
endif()

set(OpenFOAM_VERSION)
set(_definitions WM_DP WM_LABEL_SIZE=32)
if(DEFINED ENV{OPENFOAM_INCLUDE_DIR})
    set(OpenFOAM_SOURCE $ENV{OPENFOAM_INCLUDE_DIR})
    set(_libraries $ENV{OPENFOAM_LIBRARY_DIR})
    set(_search ${_libraries})
    string(REGEX MATCH "[0-9]+" OpenFOAM_VERSION "$ENV{WM_PROJECT_VERSION}")
elseif(EXISTS "$ENV{WM_PROJECT_DIR}/src/OpenFOAM/lnInclude")
    set(OpenFOAM_SOURCE $ENV{WM_PROJECT_DIR}/src)
    set(_search $ENV{FOAM_LIBBIN} $ENV{FOAM_LIBBIN}/$ENV{FOAM_MPI} $ENV{FOAM_LIBBIN}/dummy)
    if(EXISTS $ENV{WM_PROJECT_DIR}/META-INFO/api-info)
        file(STRINGS $ENV{WM_PROJECT_DIR}/META-INFO/api-info _api REGEX "^api=")
        string(REGEX MATCH "[0-9]+" OpenFOAM_VERSION "${_api}")
    else()
        string(REGEX MATCH "[0-9]+" OpenFOAM_VERSION "$ENV{WM_PROJECT_VERSION}")
    endif()
    if("$ENV{WM_PRECISION_OPTION}" MATCHES "SP")  # SP or SPDP
        message(FATAL_ERROR "OpenFOAM in $ENV{WM_PROJECT_DIR} is a single-precision build; surrogateFoam needs WM_PRECISION_OPTION=DP")
    endif()
    if(DEFINED ENV{WM_LABEL_SIZE})
        set(_definitions WM_DP WM_LABEL_SIZE=$ENV{WM_LABEL_SIZE})
    endif()
else()
    file(GLOB _found ${_cache}/openfoam-*/src)
    list(SORT _found ORDER DESCENDING)
    if(_found)
        list(GET _found 0 OpenFOAM_SOURCE)
        string(REGEX MATCH "openfoam-([0-9]+)" _ "${OpenFOAM_SOURCE}")
        set(OpenFOAM_VERSION ${CMAKE_MATCH_1})
    endif()
    set(_search /usr/lib /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE})
endif()

if(NOT CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64")
    set(_architecture linuxARM64)
else()
    set(_architecture linux64)
endif()
set(OpenFOAM_DEFINITIONS OPENFOAM=${OpenFOAM_VERSION} ${_definitions} NoRepository ${_architecture})

set(_includes)
foreach(_folder ${_folders})
    if(IS_DIRECTORY ${OpenFOAM_SOURCE}/${_folder}/lnInclude)
        list(APPEND _includes ${OpenFOAM_SOURCE}/${_folder}/lnInclude)
    endif()
endforeach()

set(OpenFOAM_LIBRARIES)
foreach(_library OpenFOAM finiteVolume meshTools sampling conversion fileFormats surfMesh fvOptions
    incompressibleTransportModels turbulenceModels incompressibleTurbulenceModels Pstream)
    # not cached: another OpenFOAM may have been sourced since the last configure
    unset(OpenFOAM_${_library}_LIBRARY)
    find_library(OpenFOAM_${_library}_LIBRARY ${_library} PATHS ${_search} NO_DEFAULT_PATH NO_CACHE)
    if(OpenFOAM_${_library}_LIBRARY AND NOT TARGET OpenFOAM::${_library})
        add_library(OpenFOAM::${_library} UNKNOWN IMPORTED)
        set_target_properties(OpenFOAM::${_library} PROPERTIES
            IMPORTED_LOCATION ${OpenFOAM_${_library}_LIBRARY}
            INTERFACE_COMPILE_DEFINITIONS "${OpenFOAM_DEFINITIONS}"
            INTERFACE_INCLUDE_DIRECTORIES "${_includes}")
        list(APPEND OpenFOAM_LIBRARIES OpenFOAM::${_library})
    endif()
endforeach()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OpenFOAM
    REQUIRED_VARS OpenFOAM_SOURCE OpenFOAM_OpenFOAM_LIBRARY OpenFOAM_finiteVolume_LIBRARY
    VERSION_VAR OpenFOAM_VERSION
    REASON_FAILURE_MESSAGE "Source an openfoam.com installation that has src/*/lnInclude, or run etc/install-dependencies.")
